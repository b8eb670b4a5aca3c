"""The XML schema of the format `rights`. docs/reference/rights-format.md explains it."""

from archive.crosswalks.rights_record import NAMESPACE

RIGHTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="http://www.w3.org/2001/xml.xsd"/>
  <xs:complexType name="said">
    <xs:simpleContent><xs:extension base="xs:string"><xs:attribute ref="xml:lang"/></xs:extension></xs:simpleContent>
  </xs:complexType>
  <xs:element name="rights">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="identifier" type="xs:string"/>
        <xs:element name="item" type="xs:anyURI"/>
        <xs:element name="statement" minOccurs="0">
          <xs:complexType>
            <xs:sequence>
              <xs:element name="name" type="said" minOccurs="0" maxOccurs="unbounded"/>
              <xs:element name="note" type="said" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence>
            <xs:attribute name="uri" type="xs:anyURI"/>
            <xs:attribute name="family">
              <xs:simpleType>
                <xs:restriction base="xs:string">
                  <xs:enumeration value="rs"/><xs:enumeration value="cc"/><xs:enumeration value="folklore"/><xs:enumeration value="other"/>
                </xs:restriction>
              </xs:simpleType>
            </xs:attribute>
          </xs:complexType>
        </xs:element>
        <xs:element name="terms" type="said" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="holder" type="said" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="origin" type="said" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="files">
          <xs:complexType>
            <xs:attribute name="seen" type="xs:nonNegativeInteger" use="required"/>
            <xs:attribute name="closed" type="xs:boolean" use="required"/>
          </xs:complexType>
        </xs:element>
        <xs:element name="access" type="said" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="community" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
        <xs:element name="label" minOccurs="0" maxOccurs="unbounded">
          <xs:complexType>
            <xs:sequence><xs:element name="name" type="said" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
            <xs:attribute name="kind" use="required">
              <xs:simpleType>
                <xs:restriction base="xs:string">
                  <xs:enumeration value="tk"/><xs:enumeration value="bc"/><xs:enumeration value="notice"/>
                </xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="uri" type="xs:anyURI"/>
            <xs:attribute name="community" type="xs:string"/>
          </xs:complexType>
        </xs:element>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
</xs:schema>
"""
